/// Finds what somebody may have meant.
package enum Suggestion {
    /// The candidate that differs in the fewest letters; nothing where all differ in too many.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(1, word.count / 3 + 1)
        let best = candidates.map { ($0, distance($0, word)) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = best, distance <= limit else { return nil }
        return candidate
    }

    /// How many letters must be added, removed, changed or swapped with their neighbour to make
    /// one word of the other (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(last[column + 1] + 1, current[column] + 1)
                best = min(best, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
