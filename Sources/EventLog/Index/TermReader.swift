/// Goes through rows of the terms of an index file.
struct TermReader {
    private let file: IndexFile
    private var offset: Int
    private let end: Int
    private var blocksStart = 0

    /// Begins at an offset of the section, and goes on to another.
    init(_ file: IndexFile, start: Int, end: Int) {
        self.file = file
        offset = start
        self.end = end
    }

    /// Begins with the first term of a file.
    init(_ file: IndexFile) {
        self.init(file, start: 0, end: file.size(.terms))
    }

    /// Goes on to the next row and tells its hash; nothing at the end.
    mutating func next() throws(IndexDamage) -> UInt64? {
        guard offset < end else { return nil }
        let hash: UInt64 = try file.load(.terms, offset)
        blocksStart = offset + 8
        let count = try TermReader.variable(file, &blocksStart)
        guard count <= UInt64(file.size(.terms) - blocksStart) else { throw file.damage }
        offset = blocksStart + Int(count)
        return hash
    }

    /// Calls `body` with the blocks of the row, relative to the file, ascending.
    func forEachBlock(_ body: (UInt32) -> Void) throws(IndexDamage) {
        var place = blocksStart
        var block: UInt64 = 0
        while place < offset {
            block &+= try TermReader.variable(file, &place)
            guard block < UInt64(file.header.coverage.blockCount) else { throw file.damage }
            body(UInt32(block))
        }
    }

    private static func variable(
        _ file: IndexFile,
        _ offset: inout Int
    ) throws(IndexDamage) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            let byte: UInt8 = try file.load(.terms, offset)
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw file.damage
    }
}
