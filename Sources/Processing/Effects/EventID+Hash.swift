package import EventModel

extension EventID {
    /// Derives an identity from texts, as an ``EventIDHasher`` does.
    package init(hashing texts: [String]) {
        let hasher = EventIDHasher()
        for text in texts { hasher.add(text.utf8.span) }
        self = hasher.finish()
    }
}
