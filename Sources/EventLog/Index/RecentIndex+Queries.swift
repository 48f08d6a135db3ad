import EventModel
import EventStorage

extension RecentIndex {
    /// What is known of a stream; nothing where it has no event here.
    func run(of name: RawSpan, hash: UInt64) -> StreamRun? {
        names.number(of: name, hash: hash).map { streams[$0].run }
    }

    /// Where the events of a stream begin, ascending; nothing where it has none here.
    func addresses(of name: RawSpan, hash: UInt64) -> [UInt64] {
        guard let number = names.number(of: name, hash: hash) else { return [] }
        var addresses: [UInt64] = []
        addresses.reserveCapacity(streams[number].run.count)
        forEachAddress(of: streams[number]) { addresses.append(startAddress + UInt64($0)) }
        addresses.reverse()
        return addresses
    }

    /// Appends the positions where identities with some hashes may be.
    func appendCandidates(_ hashes: [UInt32], to candidates: inout [IdentityCandidate]) {
        for (number, hash) in hashes.enumerated() {
            _ = identities.first(hash) { event in
                let position = Position(firstPosition + UInt64(event))
                candidates.append(IdentityCandidate(number: number, position: position))
                return false
            }
        }
    }
}
