/// What one cell shows: a character and the marks over it.
struct Cluster: Hashable {
    /// The character.
    var base: UInt32
    /// Up to three marks, then zeros.
    var marks: Marks
    /// The number of cells: 1 or 2.
    var width: Int

    /// The marks over a character; 0 where there is none.
    struct Marks: Hashable {
        var first: UInt32 = 0
        var second: UInt32 = 0
        var third: UInt32 = 0

        static let none = Marks()

        /// Adds a mark; false where there are three already.
        mutating func add(_ mark: UInt32) -> Bool {
            if first == 0 {
                first = mark
            } else if second == 0 {
                second = mark
            } else if third == 0 {
                third = mark
            } else {
                return false
            }
            return true
        }
    }
}
