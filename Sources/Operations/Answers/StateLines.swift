import JSON
import OperationsModel

/// Lays a state out for reading, one field a line, and tells which field each line shows.
struct StateLines {
    /// The bytes of texts and paths after which the rest of a state is left out: a path is as long
    /// as all keys around its field, so that lines may be far larger than the state.
    private static let sizeMax = 16 << 20

    private var lines: [AggregateState.Line] = []
    private var size = 0

    /// The lines of a state; an object's outermost brackets are left out.
    ///
    /// The last line says so where not all fields are there.
    static func lines(of state: JSONValue) -> [AggregateState.Line] {
        var layout = StateLines()
        if let object = state.object {
            layout.append(object, at: JSONPath(), depth: 0)
        } else {
            layout.append(state, label: "", at: JSONPath(), depth: 0)
        }
        if layout.isFull {
            let note = "the rest is left out; recount state --json tells the whole state"
            layout.lines.append(AggregateState.Line(depth: 0, text: note, path: ""))
        }
        return layout.lines
    }

    private var isFull: Bool { size > StateLines.sizeMax }

    private mutating func append(_ object: JSONObject, at path: JSONPath, depth: Int) {
        for member in object.members where !isFull {
            let inner = JSONPath(path.steps + [.key(member.key)])
            append(member.value, label: member.key + ": ", at: inner, depth: depth)
        }
    }

    private mutating func append(
        _ value: JSONValue,
        label: String,
        at path: JSONPath,
        depth: Int
    ) {
        switch value {
        case .object(let object) where !object.isEmpty:
            append(label + "{", at: path.description, depth: depth)
            append(object, at: path, depth: depth + 1)
            append("}", at: "", depth: depth)
        case .array(let elements) where !elements.isEmpty:
            append(label + "[", at: path.description, depth: depth)
            for (index, element) in elements.enumerated() where !isFull {
                let inner = JSONPath(path.steps + [.index(index)])
                append(element, label: "", at: inner, depth: depth + 1)
            }
            append("]", at: "", depth: depth)
        default:
            append(label + value.description, at: path.description, depth: depth)
        }
    }

    private mutating func append(_ text: String, at path: String, depth: Int) {
        size += text.utf8.count + path.utf8.count + MemoryLayout<AggregateState.Line>.stride
        lines.append(AggregateState.Line(depth: depth, text: text, path: path))
    }
}
