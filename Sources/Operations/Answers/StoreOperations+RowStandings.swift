public import EventModel
public import OperationsModel
import ReadModels

extension StoreOperations {
    /// Whether a row of a read model shows everything that its events make of it, which events
    /// those are, and why not.
    ///
    /// The group is not touched and may go on meanwhile. What made the row is found in a temporary
    /// copy, of which nothing is left.
    ///
    /// - Parameters:
    ///   - request: which row.
    ///   - progress: hears how far the copy has come; says whether to go on.
    /// - Returns: the row as it was at first, and how the group stands with its streams at the end.
    /// - Complexity: handles every event of the group up to the head of the log once, and looks the
    ///   row up after each that changed any.
    /// - Throws: ``OperationsError``: `notFound` where there is no such group or table, `invalid`
    ///   where several groups have the table or the key is not one of it, `refused` where the
    ///   table has no primary key, the rows are ahead of the log or `progress` said stop, `finding`
    ///   where the copy can handle next to nothing, and `storage` where log or databases fail,
    ///   which have no room perhaps.
    public func standing(
        of request: RowStandingRequest,
        progress: @escaping (_ reached: Position, _ last: Position) -> Bool = { _, _ in true }
    ) throws(OperationsError) -> RowStanding {
        let group = try group(of: request)
        return try OperationsError.telling {
            var run = try RowStandingRun(request, group, log, progress)
            var standing = try run.run()
            guard let processor = try processors().first(where: { $0.group == group.name })
            else { return standing }
            for change in standing.changes + standing.coming
            where !standing.streams.contains(where: { $0.stream == change.stream }) {
                guard let last = try lastEvent(of: change.stream) else { continue }
                standing.streams.append(try self.standing(of: last, in: group, processor))
            }
            return standing
        }
    }

    /// The group that is asked about: the one named, or the only one that has the table.
    private func group(
        of request: RowStandingRequest
    ) throws(OperationsError) -> ReadModelGroup {
        if let name = request.group { return try group(name) }
        let groups = domain.groups.filter { group in
            group.tables.contains { $0.isSameName(as: request.table) }
        }
        guard groups.count < 2 else {
            let names = groups.map(\.name).joined(separator: ", ")
            throw OperationsError(
                .invalid,
                "several groups have a table \(request.table), which are \(names); name one of them"
            )
        }
        guard let group = groups.first else {
            let names = domain.groups.flatMap(\.tables).sorted().joined(separator: ", ")
            throw OperationsError(
                .notFound,
                "no group has a table \(request.table); "
                    + (names.isEmpty ? "there are none" : "there are \(names)")
            )
        }
        return group
    }
}
