"""What commands show, as immutable data: tables, pictures and pages, before any format is chosen."""
