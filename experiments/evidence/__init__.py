"""What is measured about the model: instruments, expectations, golden outcomes, speed."""
