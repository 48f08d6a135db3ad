import Glibc

/// Something that goes wrong with a simulated disk.
package struct DiskFault: Hashable, Sendable {
    /// What goes wrong.
    package enum Kind: Hashable, Sendable {
        /// The call fails, with an error number such as `EIO`, and does nothing. Only calls fail
        /// that can: those that write for `ENOSPC`, those that open for `EMFILE`.
        case error(Int32)
        /// The first half of a write reaches the file, and the rest fails with `ENOSPC`.
        case shortWrite
        /// A sync fails with an error number, and the file's bytes that it should have brought to
        /// disk are taken for clean: they can be read, no later sync knows them, a crash loses
        /// them.
        case failedSync(Int32)
        /// One bit of what is read or mapped is another one; the bytes on disk are right.
        case flippedBit
        /// A write succeeds at another place of the file.
        case misdirectedWrite
    }

    /// What goes wrong.
    package var kind: Kind
    /// The number of the first operation that can meet it, as in ``SimulatedMachine/operations``.
    package var operation: Int
    /// Whether every later operation meets it too, or only the one of that number.
    package var isLasting: Bool

    /// Makes a fault.
    package init(_ kind: Kind, at operation: Int, isLasting: Bool = false) {
        self.kind = kind
        self.operation = operation
        self.isLasting = isLasting
    }

    /// Whether an operation can meet such a fault at all.
    package func concerns(_ operation: DiskOperation.Kind) -> Bool {
        switch (kind, operation) {
        case (_, .store): false
        case (.error(ENOSPC), .create), (.error(ENOSPC), .createDirectory),
            (.error(ENOSPC), .rename), (.error(ENOSPC), .write), (.error(ENOSPC), .share),
            (.error(EDQUOT), .create), (.error(EDQUOT), .createDirectory),
            (.error(EDQUOT), .rename), (.error(EDQUOT), .write), (.error(EDQUOT), .share):
            true
        case (.error(ENOSPC), _), (.error(EDQUOT), _): false
        case (.error(EMFILE), .open), (.error(EMFILE), .create), (.error(EMFILE), .names),
            (.error(EMFILE), .share), (.error(EMFILE), .syncDirectory):
            true
        case (.error(EMFILE), _): false
        case (.error, _): true
        case (.shortWrite, .write), (.shortWrite, .create): true
        case (.failedSync, .sync): true
        case (.flippedBit, .read), (.flippedBit, .map): true
        case (.misdirectedWrite, .write): true
        case (.shortWrite, _), (.failedSync, _), (.flippedBit, _), (.misdirectedWrite, _): false
        }
    }
}
