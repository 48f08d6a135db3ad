package import JSON

/// A state with more fields, more deeply nested, than memory has room for one by one.
struct UnlistableState: Error, CustomStringConvertible {
    /// What is wrong with the state, and what to do instead.
    let description =
        "the state after it is too large to be told field by field; name one field, or see the "
        + "whole state"
}

extension JSONValue {
    /// The bytes that the paths to all values inside may have where they are listed.
    private static var pathSizeMax: Int { 64 << 20 }

    /// Whether there is room for the paths to all values inside.
    ///
    /// A path is as long as all keys around its value, so that a small state may have long ones.
    package var isListable: Bool {
        var size = 0
        return addPathSize(behind: 0, to: &size)
    }

    /// Adds up the paths until they are too long; says whether they are not.
    private func addPathSize(behind pathSize: Int, to size: inout Int) -> Bool {
        let stepSize = 32
        size += pathSize + stepSize
        guard size <= JSONValue.pathSizeMax else { return false }
        switch self {
        case .object(let object):
            return object.members.allSatisfy { member in
                let inner = pathSize + stepSize + member.key.utf8.count
                return member.value.addPathSize(behind: inner, to: &size)
            }
        case .array(let elements):
            return elements.allSatisfy { element in
                element.addPathSize(behind: pathSize + stepSize, to: &size)
            }
        default:
            return true
        }
    }
}
