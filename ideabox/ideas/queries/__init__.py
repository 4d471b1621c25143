"""What is there? Every read starts from `visible`."""
