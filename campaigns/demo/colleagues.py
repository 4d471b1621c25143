"""More people of the demo company, so that most of its units are large enough to be spoken of."""

from __future__ import annotations

#: Unit code: name, language, what they help with. They sign in as the others do.
COLLEAGUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "lab": (("Ivana Kovač", "en", ""), ("Théo Garcin", "fr", "Les bains et leurs couvercles.")),
    "head-office": (
        ("Yara Haidar", "en", "Travel, and how to avoid it."),
        ("Gustav Berg", "en", ""),
        ("Louise Chevalier", "fr", ""),
        ("Peder Aune", "en", "Insurance."),
    ),
    "people": (
        ("Nadia Benali", "fr", "Les horaires et ceux qui les vivent."),
        ("Owen Price", "en", ""),
        ("Signe Dahlgren", "en", "Parental leave, in plain words."),
        ("Tomás Herrera", "en", ""),
    ),
    "quality": (
        ("Hanna Weiss", "en", "Complaints, read to the end."),
        ("Laurent Picard", "fr", ""),
        ("Eero Salonen", "en", ""),
        ("Chiara Greco", "en", "Sampling plans."),
    ),
    "it": (
        ("Dmitri Volkov", "en", ""),
        ("Ana Ribeiro", "en", "Spreadsheets that grew too large."),
        ("Malik Ferhat", "fr", ""),
        ("Greta Olsen", "en", "The telephone."),
    ),
    "assembly": (("Hassan Amrani", "fr", ""), ("Ebba Lund", "en", "Fine wires.")),
    "night-shift": (
        ("Torbjørn Vik", "en", ""),
        ("Agnieszka Nowak", "en", "What changes at a change of shift."),
        ("Samir Khelifi", "fr", ""),
        ("Ilse Brandt", "en", "First aid."),
    ),
    "optics": (
        ("Florian Huber", "en", ""),
        ("Marie Lacroix", "fr", "Les couches minces."),
        ("Viktor Szabó", "en", ""),
        ("Lena Holmberg", "en", "Cleaning without scratching."),
    ),
    "maintenance": (
        ("Knut Eide", "en", "Doors and docks."),
        ("Fabrice Roux", "fr", ""),
        ("Rasa Petrauskas", "en", "Electrics, and who may touch them."),
        ("Dag Solli", "en", ""),
    ),
    "logistics": (
        ("Paulo Esteves", "en", ""),
        ("Birgit Thomsen", "en", "Dangerous goods."),
        ("Karim Saïdi", "fr", ""),
        ("Maja Lindgren", "en", ""),
    ),
    "research": (
        ("Andrés Molina", "en", ""),
        ("Claire Aubert", "fr", "La littérature, et où la trouver."),
        ("Sindre Moen", "en", ""),
    ),
    "support": (
        ("Joana Pinto", "en", "The twelve questions of the first week."),
        ("Kofi Mensah", "en", ""),
        ("Aline Girard", "fr", ""),
        ("Mateus Rocha", "en", ""),
    ),
}
