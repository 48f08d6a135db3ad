/// How well a candidate fits what was typed.
///
/// Every typed character must occur in order. Characters at the start of a word and runs of
/// characters count more, gaps count less.
///
/// - Returns: a score, higher is better, and the places of the typed characters in the
///   candidate; nothing where it does not fit.
func fuzzyMatch(_ typed: String, in candidate: String) -> (score: Int, places: [Int])? {
    let pattern = Array(typed.lowercased()).filter { $0 != " " }
    guard !pattern.isEmpty else { return (0, []) }
    let text = Array(candidate.lowercased())
    var best: (score: Int, places: [Int])?
    for start in text.indices where text[start] == pattern[0] {
        guard let match = fuzzyMatch(pattern, in: text, from: start) else { break }
        if match.score > best?.score ?? .min { best = match }
    }
    return best
}

private func fuzzyMatch(
    _ pattern: [Character],
    in text: [Character],
    from start: Int
) -> (score: Int, places: [Int])? {
    var places: [Int] = []
    var score = 0
    var place = start
    for character in pattern {
        while place < text.count, text[place] != character { place += 1 }
        guard place < text.count else { return nil }
        let startsWord = place == 0 || !(text[place - 1].isLetter || text[place - 1].isNumber)
        score += startsWord ? 12 : 2
        if let last = places.last { score += last == place - 1 ? 8 : -min(4, place - last) }
        places.append(place)
        place += 1
    }
    return (score * 8 - min(text.count, 64) - start, places)
}
