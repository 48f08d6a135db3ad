/// An index file that is not what was built; it is to be dropped and built again from the log.
struct IndexDamage: Error, Hashable, Sendable {
    /// What does not fit.
    enum Reason: Hashable, Sendable {
        /// The file is cut short or grown, or its header is no header.
        case header
        /// The file belongs to another store, or its hashes have another seed.
        case origin
        /// The file covers other positions than its name tells.
        case name
        /// Some bytes do not have their checksum.
        case checksum
        /// A number leads out of where it may lead.
        case content
    }

    /// The first position of the file, which its name tells.
    let firstPosition: UInt64
    /// What does not fit.
    let reason: Reason
}
