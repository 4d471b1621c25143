"""What is there, for the team that may see it?"""
