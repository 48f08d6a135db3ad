import JSON
import OperationsModel

/// Lays a state out for reading, one field a line, and tells which field each line shows.
enum StateLines {
    /// The lines of a state; an object's outermost brackets are left out.
    static func lines(of state: JSONValue) -> [AggregateState.Line] {
        var lines: [AggregateState.Line] = []
        if let object = state.object {
            append(object, at: JSONPath(), depth: 0, to: &lines)
        } else {
            append(state, label: "", at: JSONPath(), depth: 0, to: &lines)
        }
        return lines
    }

    private static func append(
        _ object: JSONObject,
        at path: JSONPath,
        depth: Int,
        to lines: inout [AggregateState.Line]
    ) {
        for member in object.members {
            let inner = JSONPath(path.steps + [.key(member.key)])
            append(member.value, label: member.key + ": ", at: inner, depth: depth, to: &lines)
        }
    }

    private static func append(
        _ value: JSONValue,
        label: String,
        at path: JSONPath,
        depth: Int,
        to lines: inout [AggregateState.Line]
    ) {
        func line(_ text: String) {
            lines.append(AggregateState.Line(depth: depth, text: text, path: path.description))
        }
        switch value {
        case .object(let object) where !object.isEmpty:
            line(label + "{")
            append(object, at: path, depth: depth + 1, to: &lines)
            lines.append(AggregateState.Line(depth: depth, text: "}", path: ""))
        case .array(let elements) where !elements.isEmpty:
            line(label + "[")
            for (index, element) in elements.enumerated() {
                let inner = JSONPath(path.steps + [.index(index)])
                append(element, label: "", at: inner, depth: depth + 1, to: &lines)
            }
            lines.append(AggregateState.Line(depth: depth, text: "]", path: ""))
        default:
            line(label + value.description)
        }
    }
}
