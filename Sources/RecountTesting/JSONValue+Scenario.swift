import EventSchema
import JSON

extension JSONValue {
    /// Any value as JSON, to be compared part by part.
    ///
    /// What is `Encodable` is encoded; of anything else, or where that fails, the parts are
    /// members under their names, so that `.notAllowed(in: .created)` becomes
    /// `{"notAllowed":{"in":"created"}}`. A value without parts is its description, and a set is
    /// sorted, since its own order tells nothing.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - showsHidden: whether only what has no parts is encoded, so that parts are seen that an
    ///     encoding leaves out.
    init(of value: Any, showsHidden: Bool = false) {
        let mirror = Mirror(reflecting: value)
        let isEncoded = mirror.displayStyle == nil || !showsHidden && mirror.displayStyle != .set
        if isEncoded, let encodable = value as? any Encodable,
            let bytes = try? JSONEventEncoder().encode(encodable),
            let encoded = try? JSONValue(parsing: bytes)
        {
            self = encoded
        } else {
            let parts = mirror.children.map { child in
                (child.label, JSONValue(of: child.value, showsHidden: showsHidden))
            }
            self.init(parts, of: value, mirror.displayStyle)
        }
    }

    private init(
        _ parts: [(label: String?, value: JSONValue)],
        of value: Any,
        _ style: Mirror.DisplayStyle?
    ) {
        switch style {
        case .optional:
            self = parts.first?.value ?? .null
        case .collection:
            self = .array(parts.map(\.value))
        case .set, .dictionary:
            self = .array(parts.map(\.value).sorted { $0.description < $1.description })
        case .enum where !parts.isEmpty, .struct, .tuple:
            var object = JSONObject()
            for (index, part) in parts.enumerated() {
                object[part.label ?? ".\(index)"] = part.value
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
    for showsHidden in isEqual == nil ? [false] : [false, true] {
        let differences = JSONValue(of: expected, showsHidden: showsHidden)
            .differences(to: JSONValue(of: actual, showsHidden: showsHidden))
        if !differences.isEmpty { return differences.map { $0.line(below: root) } }
    }
    return isEqual == nil ? [] : ["they are not equal, although no part differs"]
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
