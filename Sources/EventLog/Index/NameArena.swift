import EventModel

/// Numbers names in the order in which they first come up, by hashes that the caller computes.
///
/// The names stand in one array of bytes, so that a known name costs no allocation.
struct NameArena: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    private var slots = HashSlots()

    /// How many names there are.
    var count: Int { hashes.count }

    /// The hash of the name with a number.
    func hash(_ number: Int) -> UInt64 { hashes[number] }

    /// The name with a number.
    @_lifetime(borrow self)
    func name(_ number: Int) -> RawSpan {
        bytes.span.bytes.extracting((number == 0 ? 0 : ends[number - 1])..<ends[number])
    }

    /// The number of a name; nothing where it is unknown.
    func number(of name: RawSpan, hash: UInt64) -> Int? {
        slots.first(UInt32(hash >> 32)) {
            hashes[$0] == hash && self.name($0).hasSameBytes(as: name)
        }
    }

    /// Adds a name that is unknown.
    mutating func add(_ name: RawSpan, hash: UInt64) -> Int {
        slots.insert(UInt32(hash >> 32), count)
        name.withUnsafeBytes { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
        hashes.append(hash)
        return count - 1
    }
}
