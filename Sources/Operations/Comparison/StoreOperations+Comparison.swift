public import OperationsModel
import ReadModels

extension StoreOperations {
    /// Compares the rows of a group that are in use with others at the same position, row by row.
    ///
    /// The group is not touched and may go on meanwhile. The others are made in a temporary
    /// database, of which nothing is left.
    ///
    /// - Parameters:
    ///   - request: which rows.
    ///   - progress: hears how far the work is; says whether to go on.
    /// - Returns: digests of both, and what differs.
    /// - Complexity: handles every event of the group up to the position for rebuilt rows, then
    ///   reads all rows of both once, and again those of tables that differ.
    /// - Throws: `notFound` where there is no such group, table or kept rows, or the group never
    ///   ran; `refused` where the rows are replaced meanwhile, where they cannot be brought to one
    ///   position, and where `progress` said stop; `finding` where the copy can handle next to
    ///   nothing; `storage` where log or databases fail, which have no room perhaps.
    public func compare(
        _ request: ReadModelComparisonRequest,
        progress: @escaping (ReadModelComparisonStage) -> Bool = { _ in true }
    ) throws(OperationsError) -> ReadModelComparison {
        let group = try group(request.group)
        return try OperationsError.telling {
            do {
                var run = try ComparisonRun(request, group, log, progress)
                return try run.run()
            } catch let error as ComparisonGivenUp {
                throw OperationsError(.refused, error.description)
            }
        }
    }
}
