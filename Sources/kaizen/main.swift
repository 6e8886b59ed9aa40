print("kaizen")
