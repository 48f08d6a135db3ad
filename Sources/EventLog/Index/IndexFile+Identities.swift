import EventModel

extension IndexFile {
    /// Appends the positions where identities with some hashes may be: all where they are, and
    /// rarely another.
    func appendCandidates(
        _ hashes: [UInt32],
        to candidates: inout [IdentityCandidate]
    ) throws(IndexDamage) {
        let blockCount = IndexFormat.filterBlockCount(events: header.coverage.eventCount)
        let filter = section(.filter)
        for (number, hash) in hashes.enumerated() {
            let start = IndexFormat.place(hash, in: blockCount) * IndexFormat.filterBlockSize
            let block = try bytes(filter, start, IndexFormat.filterBlockSize)
            let isPossible = FilterBits(hash).allSatisfy { word, mask in
                let bits = block.unsafeLoadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
                return UInt64(littleEndian: bits) & mask != 0
            }
            if isPossible { try appendCandidates(hash, number, to: &candidates) }
        }
    }

    private func appendCandidates(
        _ hash: UInt32,
        _ number: Int,
        to candidates: inout [IdentityCandidate]
    ) throws(IndexDamage) {
        let events = header.coverage.eventCount
        let bucket = IndexFormat.place(hash, in: IndexFormat.bucketCount(events: events))
        let start: UInt32 = try load(.directory, bucket * 4)
        let end: UInt32 = try load(.directory, bucket * 4 + 4)
        guard start < end else { return }
        let rows = try bytes(.identities, Int(start) * 8..<Int(end) * 8)
        for offset in stride(from: 0, to: rows.byteCount, by: 8) {
            let row = UInt64(
                littleEndian: rows.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            let rowHash = UInt32(truncatingIfNeeded: row >> 32)
            if rowHash > hash { return }
            guard rowHash == hash else { continue }
            candidates.append(IdentityCandidate(number: number, position: try position(row)))
        }
    }

    private func position(_ row: UInt64) throws(IndexDamage) -> Position {
        let distance = UInt32(truncatingIfNeeded: row)
        guard distance < UInt32(header.coverage.eventCount) else { throw damage }
        return Position(header.coverage.firstPosition + UInt64(distance))
    }
}
