"""What the product must stay faster and leaner than. `python -m bench` measures it; ratios within
one run, so that the machine doesn't count."""
