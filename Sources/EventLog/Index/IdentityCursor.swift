/// Goes through the identities of a file, their positions made relative to the merged one.
struct IdentityCursor {
    private let file: IndexFile
    private let positionShift: UInt64
    private var number = -1
    /// Hash and position, one in each half; behind the last all bits are set.
    private(set) var row: UInt64 = 0

    /// Begins with the first; its position grows by some number.
    init(_ file: IndexFile, positionShift: UInt32) throws(IndexDamage) {
        self.file = file
        self.positionShift = UInt64(positionShift)
        try advance()
    }

    /// Goes on to the next.
    @inline(__always)
    mutating func advance() throws(IndexDamage) {
        number += 1
        guard number < file.header.coverage.eventCount else {
            row = .max
            return
        }
        let stored: UInt64 = try file.load(.identities, number * 8)
        guard stored & 0xFFFF_FFFF < UInt64(file.header.coverage.eventCount) else {
            throw file.damage
        }
        row = stored + positionShift
    }
}
