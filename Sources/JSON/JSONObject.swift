/// The members of a JSON object, in order, each key once.
///
/// Two objects are equal when they have the same members, in whatever order. Keys are
/// compared by UTF-8 bytes: Swift's canonical string equality would merge keys that other
/// readers keep apart.
public struct JSONObject: Sendable {
    /// A key with its value.
    public struct Member: Sendable {
        /// The key.
        public let key: String
        /// The value.
        public var value: JSONValue
    }

    /// The members in the order in which they were read or added.
    public private(set) var members: [Member]

    /// Makes an object without members.
    public init() {
        members = []
    }

    init(uniqueMembers: [Member]) {
        members = uniqueMembers
    }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a member; nothing where there is none, and setting nothing removes it.
    ///
    /// A changed member keeps its place; a new one goes to the end.
    ///
    /// - Complexity: O(n) for n members.
    public subscript(key: String) -> JSONValue? {
        get {
            members.first { $0.key.hasSameBytes(as: key) }?.value
        }
        set {
            guard let index = members.firstIndex(where: { $0.key.hasSameBytes(as: key) }) else {
                if let newValue { members.append(Member(key: key, value: newValue)) }
                return
            }
            if let newValue {
                members[index].value = newValue
            } else {
                members.remove(at: index)
            }
        }
    }
}

extension JSONObject: Hashable {
    /// Whether both are equal.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        let index = KeyIndex(right)
        return left.members.allSatisfy { member in
            index[member.key].map { right.members[$0].value == member.value } ?? false
        }
    }

    /// Feeds what equality goes by to a hasher.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for member in members {
            var memberHasher = Hasher()
            member.key.hashBytes(into: &memberHasher)
            member.value.hash(into: &memberHasher)
            combined ^= memberHasher.finalize()
        }
        hasher.combine(count)
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object from a literal; of equal keys the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var builder = JSONObjectBuilder()
        for (key, value) in elements { builder.set(key, to: value) }
        self = builder.object
    }
}

/// Finds members by key in constant time where there are many.
struct KeyIndex {
    private static let scannedCountMax = 16
    private let object: JSONObject
    private var indices: [ByteKey: Int] = [:]

    init(_ object: JSONObject) {
        self.object = object
        guard object.count > KeyIndex.scannedCountMax else { return }
        for (index, member) in object.members.enumerated() {
            indices[ByteKey(text: member.key)] = index
        }
    }

    subscript(key: String) -> Int? {
        object.count > KeyIndex.scannedCountMax
            ? indices[ByteKey(text: key)]
            : object.members.firstIndex { $0.key.hasSameBytes(as: key) }
    }
}

/// Collects members one by one, also very many, of which the last with a key counts.
struct JSONObjectBuilder {
    private var members: [JSONObject.Member?] = []
    private var indices: [ByteKey: Int] = [:]

    init() {}

    init(_ object: JSONObject) {
        for member in object.members { set(member.key, to: member.value) }
    }

    var object: JSONObject { JSONObject(uniqueMembers: members.compactMap { $0 }) }

    subscript(key: String) -> JSONValue? {
        indices[ByteKey(text: key)].flatMap { members[$0]?.value }
    }

    mutating func set(_ key: String, to value: JSONValue?) {
        let member = value.map { JSONObject.Member(key: key, value: $0) }
        if let index = indices[ByteKey(text: key)] {
            members[index] = member
            if member == nil { indices[ByteKey(text: key)] = nil }
        } else if let member {
            indices[ByteKey(text: key)] = members.count
            members.append(member)
        }
    }
}

/// A key that is equal to another when the UTF-8 bytes are.
struct ByteKey: Hashable {
    let text: String

    static func == (left: Self, right: Self) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }
}

extension String {
    func hasSameBytes(as other: String) -> Bool {
        let (left, right) = (utf8.span, other.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[unchecked: index] != right[unchecked: index] {
            return false
        }
        return true
    }

    func precedesInBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
