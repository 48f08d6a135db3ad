import EventSchema
import JSON

extension JSONValue {
    /// Any value as JSON, to be compared part by part.
    ///
    /// What is `Encodable` is encoded; of anything else, or where that fails, the parts are
    /// members under their names, so that `.notAllowed(in: .created)` becomes
    /// `{"notAllowed":{"in":"created"}}`. A value without parts is its description, and a set is
    /// sorted, since its own order tells nothing.
    init(of value: Any) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle != .set, let encodable = value as? any Encodable,
            let bytes = try? JSONEventEncoder().encode(encodable),
            let encoded = try? JSONValue(parsing: bytes)
        {
            self = encoded
        } else {
            self.init(parts: mirror, of: value)
        }
    }

    private init(parts mirror: Mirror, of value: Any) {
        switch mirror.displayStyle {
        case .optional:
            self = mirror.children.first.map { JSONValue(of: $0.value) } ?? .null
        case .collection:
            self = .array(mirror.children.map { JSONValue(of: $0.value) })
        case .set, .dictionary:
            let elements = mirror.children.map { JSONValue(of: $0.value) }
            self = .array(elements.sorted { $0.description < $1.description })
        case .enum where !mirror.children.isEmpty, .struct, .tuple:
            var object = JSONObject()
            for (index, child) in mirror.children.enumerated() {
                object[child.label ?? ".\(index)"] = JSONValue(of: child.value)
            }
            self = .object(object)
        default:
            self = .string(String(describing: value))
        }
    }

    /// The payload of an event, which is text in quotes where it is no JSON.
    init(payload: [UInt8]) {
        do {
            self = try JSONValue(parsing: payload)
        } catch {
            self = .string(String(decoding: payload, as: UTF8.self))
        }
    }
}

/// The places at which two values differ, one line each; none where they are equal.
///
/// Equality is that of the type where it has one, else that of the values' parts.
func differenceLines<Value>(
    from expected: Value,
    to actual: Value,
    below root: String = ""
) -> [String] {
    let isEqual = areEqual(expected, actual)
    if isEqual == true { return [] }
    let differences = JSONValue(of: expected).differences(to: JSONValue(of: actual))
    if isEqual == nil || !differences.isEmpty { return differences.map { $0.line(below: root) } }
    let hidden = JSONDifference(
        path: JSONPath(),
        before: .string(String(describing: expected)),
        after: .string(String(describing: actual))
    )
    return [hidden.line(below: root)]
}

/// Whether two values are equal; nothing where their type has no equality.
func areEqual<Value>(_ left: Value, _ right: Value) -> Bool? {
    (left as? any Equatable).map { $0.isEqual(to: right) }
}

extension Equatable {
    fileprivate func isEqual(to other: Any) -> Bool {
        (other as? Self) == self
    }
}
