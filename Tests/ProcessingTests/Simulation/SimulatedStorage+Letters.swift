import EventModel
@testable import Processing

/// The dead letters of the simulated group.
extension SimulatedStorage {
    /// The letters in their order.
    private var letters: [DeadLetter] {
        content.letters.values.sorted { $0.position < $1.position }
    }

    func firstLetters() throws -> [DeadLetter] {
        try host.reach()
        var keys: Set<String> = []
        return letters.filter { keys.insert($0.sequenceKey).inserted }
    }

    func firstLetter(of key: String) throws -> DeadLetter? {
        try host.reach()
        return letters.first { $0.sequenceKey == key }
    }

    func hasLetter(at position: Position) throws -> Bool {
        try host.reach()
        return content.letters[position] != nil
    }

    func putLetter(_ letter: DeadLetter) throws {
        try host.reach()
        guard working != nil else { throw world.violation("a letter outside a transaction") }
        let position = letter.position
        if content.letters[position] == nil, letter.isReplay != file.isKnown(position) {
            throw world.violation("the letter \(position) has the replay flag \(letter.isReplay)")
        }
        working?.letters[position] = letter
        working?.decided.insert(position)
    }

    func removeLetter(at position: Position) throws {
        try host.reach()
        working?.letters[position] = nil
    }

    func noteLate(_ position: Position) throws {
        try host.reach()
        guard let last = working?.rows.indices.last, working?.rows[last].position == position
        else { throw world.violation("a letter that is not handled counts as handled late") }
        working?.rows[last].wasLetter = true
    }

    func markLetters(_ selection: LetterSelection, asker: EventID) throws -> Int {
        let selected = try firstLetters().filter { first in
            switch selection {
            case .all: true
            case .position(let position):
                content.letters[position]?.sequenceKey == first.sequenceKey
            case .sequence(let key): first.sequenceKey == key
            case .cause(let cause): first.failure?.cause == cause
            }
        }
        for letter in selected { working?.letters[letter.position]?.asker = asker }
        return selected.count
    }

    func unmarkLetters() throws {
        try host.reach()
        guard let positions = working?.letters.keys else { return }
        for position in positions { working?.letters[position]?.asker = nil }
    }

    func removeLetters(_ selection: LetterSelection) throws -> [DeadLetter] {
        try host.reach()
        let removed = letters.filter { letter in
            switch selection {
            case .all: true
            case .position(let position): letter.position == position
            case .sequence(let key): letter.sequenceKey == key
            case .cause(let cause): letter.failure?.cause == cause
            }
        }
        for letter in removed {
            working?.letters[letter.position] = nil
            working?.discarded.insert(letter.position)
        }
        return removed
    }

    func letterCounts() throws -> [String: UInt64] {
        try host.reach()
        return letters.reduce(into: [:]) { $0[$1.sequenceKey, default: 0] += 1 }
    }

    func skippedPositions() throws -> Set<Position> {
        try host.reach()
        return Set(content.skipped.keys)
    }

    func removeSkippedPosition(_ position: Position) throws {
        try host.reach()
        working?.skipped[position] = nil
    }

    func addSkippedPosition(_ position: Position, operation: EventID) throws {
        try host.reach()
        if working?.skipped[position] == nil { working?.skipped[position] = operation }
    }
}
