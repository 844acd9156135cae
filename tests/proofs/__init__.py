"""Long proofs that nothing acknowledged is lost. `make prove` runs them; docs/decisions/proofs.md
says what they assert and what each would miss."""
