"""Who hears of what, where and when."""
