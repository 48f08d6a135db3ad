extension String {
    /// The text as SQL writes a name, whatever is in it.
    package var quotedAsName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}
