/// One place at which two JSON values differ.
public struct JSONDifference: Hashable, Sendable {
    /// The way to the place.
    public let path: JSONPath
    /// What stands there in the first value; nothing where the place does not exist.
    public let before: JSONValue?
    /// What stands there in the second value; nothing where the place does not exist.
    public let after: JSONValue?

    /// Makes a difference from its parts.
    public init(path: JSONPath, before: JSONValue?, after: JSONValue?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

extension JSONValue {
    /// The places at which another value differs; none if and only if both are equal.
    ///
    /// Objects are compared by key, arrays by index. The order is that of this value's
    /// members and elements, each time followed by what only the other has, in its order.
    public func differences(to other: JSONValue) -> [JSONDifference] {
        var differences: [JSONDifference] = []
        collectDifferences(to: other, at: JSONPath(), into: &differences)
        return differences
    }

    private func collectDifferences(
        to other: JSONValue,
        at path: JSONPath,
        into differences: inout [JSONDifference]
    ) {
        switch (self, other) {
        case (.object(let before), .object(let after)):
            let (beforeIndex, afterIndex) = (KeyIndex(before), KeyIndex(after))
            for member in before.members {
                let inner = path.appending(.key(member.key))
                let counterpart = afterIndex[member.key].map { after.members[$0].value }
                JSONValue.collect(member.value, counterpart, at: inner, into: &differences)
            }
            for member in after.members where beforeIndex[member.key] == nil {
                let inner = path.appending(.key(member.key))
                JSONValue.collect(nil, member.value, at: inner, into: &differences)
            }
        case (.array(let before), .array(let after)):
            for index in 0..<max(before.count, after.count) {
                JSONValue.collect(
                    index < before.count ? before[index] : nil,
                    index < after.count ? after[index] : nil,
                    at: path.appending(.index(index)),
                    into: &differences
                )
            }
        default:
            if self != other {
                differences.append(JSONDifference(path: path, before: self, after: other))
            }
        }
    }

    private static func collect(
        _ before: JSONValue?,
        _ after: JSONValue?,
        at path: JSONPath,
        into differences: inout [JSONDifference]
    ) {
        if let before, let after {
            before.collectDifferences(to: after, at: path, into: &differences)
        } else {
            differences.append(JSONDifference(path: path, before: before, after: after))
        }
    }
}

extension JSONPath {
    /// The path with one more step.
    func appending(_ step: Step) -> JSONPath {
        JSONPath(steps + [step])
    }
}
