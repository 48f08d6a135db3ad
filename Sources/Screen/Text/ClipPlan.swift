/// How much of a text fits into a number of cells.
struct ClipPlan {
    /// The number of clusters to draw before the ellipsis, if any.
    private(set) var clusterCount = 0
    /// The cells that these take.
    private(set) var width = 0
    /// Whether an ellipsis follows.
    private(set) var isCut = false

    /// The number of cells in all.
    var shownWidth: Int { width + (isCut ? 1 : 0) }

    /// Reads no more of the text than fits, so a text of any length costs the same.
    init(_ bytes: Span<UInt8>, limit: Int) {
        guard limit > 0 else { return }
        var reader = ClusterReader(bytes)
        var count = 0
        var total = 0
        while let cluster = reader.next() {
            if total + cluster.width > limit {
                isCut = true
                return
            }
            total += cluster.width
            count += 1
            if total < limit {
                clusterCount = count
                width = total
            }
        }
        clusterCount = count
        width = total
    }
}
