import EventModel

extension IndexFile {
    /// The row of an identity, in the order of the rows.
    @inline(__always)
    func identityRow(_ number: Int) throws(IndexDamage) -> UInt64 {
        let start = number * IdentityLayout.size
        return try bytes(.identities, start..<start + IdentityLayout.size).identityRow(at: 0)
    }

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
            if FilterBits(hash).areSet(in: block) {
                try appendCandidates(hash, number, to: &candidates)
            }
        }
    }

    private func appendCandidates(
        _ hash: UInt32,
        _ number: Int,
        to candidates: inout [IdentityCandidate]
    ) throws(IndexDamage) {
        let layout = IdentityLayout(events: header.coverage.eventCount)
        let bucket = layout.bucket(of: hash)
        let start: UInt32 = try load(.directory, bucket * 4)
        let end: UInt32 = try load(.directory, bucket * 4 + 4)
        guard start < end else { return }
        let size = IdentityLayout.size
        let rows = try bytes(.identities, Int(start) * size..<Int(end) * size)
        let wanted = UInt64(hash) - layout.firstHash(of: bucket)
        for offset in stride(from: 0, to: rows.byteCount, by: size) {
            let row = rows.identityRow(at: offset)
            let distance = layout.distance(of: row)
            if distance > wanted { return }
            guard distance == wanted else { continue }
            let position = layout.position(of: row)
            guard position < UInt64(header.coverage.eventCount) else { throw damage }
            candidates.append(
                IdentityCandidate(
                    number: number,
                    position: Position(header.coverage.firstPosition + position)
                )
            )
        }
    }
}
