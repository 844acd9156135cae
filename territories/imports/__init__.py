"""Reading official files into the geography. One module per source; each import is idempotent,
atomic, and answers with `reports.Report`s. `matching` holds what they share of the database,
`files` and `tables` what they share of files and of CSV."""
