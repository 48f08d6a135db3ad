import EventModel
import EventStorage

extension TypeCensus {
    /// Takes in the census of the same type and revision in the part that follows.
    mutating func include(_ later: TypeCensus) {
        count += later.count
        lastPosition = later.lastPosition
        lastTime = later.lastTime
    }

    /// Appends the row of a part that begins at a position.
    func append(to bytes: inout [UInt8], firstPosition start: UInt64) {
        bytes.append(littleEndian: revision)
        bytes.append(littleEndian: UInt32(count))
        bytes.append(littleEndian: UInt32(firstPosition.number - start))
        bytes.append(littleEndian: UInt32(lastPosition.number - start))
        bytes.append(littleEndian: firstTime.microseconds)
        bytes.append(littleEndian: lastTime.microseconds)
        bytes.append(littleEndian: UInt32(type.text.utf8.count))
        bytes.append(contentsOf: type.text.utf8)
    }

    /// The census of adjacent parts, oldest first, together; by type, then revision.
    static func merged(_ parts: [[TypeCensus]]) -> [TypeCensus] {
        struct Key: Hashable {
            var type: EventType
            var revision: UInt32
        }
        var rows: [Key: TypeCensus] = [:]
        for row in parts.joined() {
            let key = Key(type: row.type, revision: row.revision)
            if rows[key]?.include(row) == nil { rows[key] = row }
        }
        return rows.values.sorted { ($0.type, $0.revision) < ($1.type, $1.revision) }
    }
}
