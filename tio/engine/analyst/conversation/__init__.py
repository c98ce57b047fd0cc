"""A question asked of models that call tools, until it is answered or nobody is left."""
