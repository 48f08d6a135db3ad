import CSQLite

extension SQLiteConnection {
    /// Makes a virtual table known, which statements can then read by its name at once.
    ///
    /// The connection keeps the table. Must happen before ``restrict(to:)``.
    ///
    /// - Throws: what SQLite reports, such as `misuse` for a name that is taken.
    public func register(
        _ table: any SQLiteVirtualTable,
        as name: String
    ) throws(SQLiteError) {
        let context = Unmanaged.passRetained(Registration(table)).toOpaque()
        // On failure SQLite calls the destructor too.
        let code = sqlite3_create_module_v2(handle, name, moduleFunctions, context) { context in
            if let context { Unmanaged<Registration>.fromOpaque(context).release() }
        }
        try check(code)
        try declareVirtualTable(name)
    }

    /// Uses a virtual table once, so that it is known from then on.
    func declareVirtualTable(_ name: String) throws(SQLiteError) {
        _ = try prepare("SELECT 1 FROM \(name.quotedAsName)", isTrusted: true)
    }
}

// SQLite keeps the address for as long as any connection lives; nobody changes what is there.
private nonisolated(unsafe) let moduleFunctions: UnsafePointer<sqlite3_module> = {
    var module = sqlite3_module()
    // Without xCreate, the table is there under its module's name and cannot be created.
    module.xConnect = { connection, context, _, _, table, message in
        connect(connection, context, table, message)
    }
    module.xBestIndex = { table, index in bestIndex(table, index) }
    module.xDisconnect = { table in disconnect(table) }
    module.xOpen = { table, cursor in open(table, cursor) }
    module.xClose = { cursor in close(cursor) }
    module.xFilter = { cursor, number, text, count, values in
        filter(cursor, number, text, count, values)
    }
    module.xNext = { cursor in next(cursor) }
    module.xEof = { cursor in box(cursor)?.cursor.isAtEnd == false ? 0 : 1 }
    module.xColumn = { cursor, context, index in column(cursor, context, index) }
    module.xRowid = { cursor, identifier in
        identifier?.pointee = box(cursor)?.cursor.rowIdentifier ?? 0
        return SQLITE_OK
    }
    let functions = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    functions.initialize(to: module)
    return UnsafePointer(functions)
}()

/// What SQLite keeps for a registered table.
private final class Registration {
    let table: any SQLiteVirtualTable

    init(_ table: any SQLiteVirtualTable) {
        self.table = table
    }
}

private final class CursorBox {
    let cursor: any SQLiteTableCursor

    init(_ cursor: any SQLiteTableCursor) {
        self.cursor = cursor
    }
}

// MARK: - From SQLite's pointers to ours

private func table(_ pointer: UnsafeMutablePointer<sqlite3_vtab>?) -> (any SQLiteVirtualTable)? {
    guard let pointer else { return nil }
    return UnsafeMutableRawPointer(pointer).withMemoryRebound(
        to: recount_sqlite_table.self,
        capacity: 1
    ) { Unmanaged<Registration>.fromOpaque($0.pointee.context).takeUnretainedValue().table }
}

private func box(_ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CursorBox? {
    guard let pointer else { return nil }
    return UnsafeMutableRawPointer(pointer).withMemoryRebound(
        to: recount_sqlite_cursor.self,
        capacity: 1
    ) { Unmanaged<CursorBox>.fromOpaque($0.pointee.context).takeUnretainedValue() }
}

/// Memory that SQLite may free, with the text and a NUL.
private func sqliteString(_ text: String) -> UnsafeMutablePointer<CChar>? {
    let count = text.utf8.count
    guard let memory = sqlite3_malloc64(UInt64(count + 1)) else { return nil }
    let characters = memory.bindMemory(to: CChar.self, capacity: count + 1)
    for (index, byte) in text.utf8.enumerated() { characters[index] = CChar(bitPattern: byte) }
    characters[count] = 0
    return characters
}

/// Leaves the error's message where SQLite looks for it, and gives its code.
private func report(_ error: SQLiteError, on table: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    if let table {
        sqlite3_free(table.pointee.zErrMsg)
        table.pointee.zErrMsg = sqliteString(error.message)
    }
    return error.code.rawValue == SQLITE_OK ? SQLITE_ERROR : error.code.rawValue
}

private func value(_ pointer: OpaquePointer?) -> SQLiteValue {
    switch sqlite3_value_type(pointer) {
    case SQLITE_INTEGER: return .integer(sqlite3_value_int64(pointer))
    case SQLITE_FLOAT: return .real(sqlite3_value_double(pointer))
    case SQLITE_TEXT:
        let start = sqlite3_value_text(pointer)
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(pointer)))
        return .text(String(decoding: bytes, as: UTF8.self))
    case SQLITE_BLOB:
        let start = sqlite3_value_blob(pointer)
        let count = start == nil ? 0 : Int(sqlite3_value_bytes(pointer))
        return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
}

// MARK: - The module's functions

private func connect(
    _ connection: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ table: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
    _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    guard let context else { return SQLITE_MISUSE }
    let registration = Unmanaged<Registration>.fromOpaque(context)
    let columns = registration.takeUnretainedValue().table.columns.map { column in
        "\(column.name.quotedAsName) \(column.type)"
    }
    let code = sqlite3_declare_vtab(
        connection,
        "CREATE TABLE rows(\(columns.joined(separator: ", ")))"
    )
    guard code == SQLITE_OK else {
        message?.pointee = sqliteString("the columns of the virtual table are not valid SQL")
        return code
    }
    let size = MemoryLayout<recount_sqlite_table>.size
    guard let memory = sqlite3_malloc64(UInt64(size)) else { return SQLITE_NOMEM }
    let made = memory.bindMemory(to: recount_sqlite_table.self, capacity: 1)
    made.initialize(
        to: recount_sqlite_table(base: sqlite3_vtab(), context: registration.retain().toOpaque())
    )
    table?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
}

private func disconnect(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    guard let table else { return SQLITE_OK }
    UnsafeMutableRawPointer(table).withMemoryRebound(to: recount_sqlite_table.self, capacity: 1) {
        Unmanaged<Registration>.fromOpaque($0.pointee.context).release()
    }
    sqlite3_free(table)
    return SQLITE_OK
}

/// Asks the table for a plan and notes in the index text which conditions the cursor gets, as
/// pairs of column and comparison.
private func bestIndex(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab>?,
    _ index: UnsafeMutablePointer<sqlite3_index_info>?
) -> Int32 {
    guard let table = table(pointer), let index else { return SQLITE_MISUSE }
    var constraints: [SQLiteTableRequest.Constraint] = []
    var places: [Int] = []
    for place in 0..<Int(index.pointee.nConstraint) {
        let constraint = index.pointee.aConstraint[place]
        let collation = sqlite3_vtab_collation(index, Int32(place)).map { String(cString: $0) }
        guard constraint.usable != 0, collation == nil || collation == "BINARY",
            let comparison = SQLiteComparison(rawValue: constraint.op)
        else { continue }
        constraints.append(
            SQLiteTableRequest.Constraint(column: Int(constraint.iColumn), comparison: comparison)
        )
        places.append(place)
    }
    let order = (0..<Int(index.pointee.nOrderBy)).map { place in
        let term = index.pointee.aOrderBy[place]
        return SQLiteTableRequest.Order(column: Int(term.iColumn), isDescending: term.desc != 0)
    }
    let plan = table.plan(for: SQLiteTableRequest(constraints: constraints, order: order))
    var text = ""
    for (number, used) in plan.constraints.enumerated() {
        index.pointee.aConstraintUsage[places[used]].argvIndex = Int32(number + 1)
        text += "\(constraints[used].column) \(constraints[used].comparison.rawValue) "
    }
    guard let indexText = sqliteString(text) else { return SQLITE_NOMEM }
    index.pointee.idxStr = indexText
    index.pointee.needToFreeIdxStr = 1
    index.pointee.idxNum = plan.isOrdered && order.first?.isDescending == true ? 1 : 0
    index.pointee.orderByConsumed = plan.isOrdered ? 1 : 0
    index.pointee.estimatedRows = max(1, plan.estimatedRowCount)
    index.pointee.estimatedCost = Double(max(1, plan.estimatedRowCount))
    return SQLITE_OK
}

private func open(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab>?,
    _ cursor: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
) -> Int32 {
    guard let table = table(pointer) else { return SQLITE_MISUSE }
    do throws(SQLiteError) {
        let box = CursorBox(try table.makeCursor())
        let size = MemoryLayout<recount_sqlite_cursor>.size
        guard let memory = sqlite3_malloc64(UInt64(size)) else { return SQLITE_NOMEM }
        let made = memory.bindMemory(to: recount_sqlite_cursor.self, capacity: 1)
        made.initialize(
            to: recount_sqlite_cursor(
                base: sqlite3_vtab_cursor(),
                context: Unmanaged.passRetained(box).toOpaque()
            )
        )
        cursor?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    } catch {
        return report(error, on: pointer)
    }
}

private func close(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let cursor else { return SQLITE_OK }
    UnsafeMutableRawPointer(cursor).withMemoryRebound(to: recount_sqlite_cursor.self, capacity: 1) {
        Unmanaged<CursorBox>.fromOpaque($0.pointee.context).release()
    }
    sqlite3_free(cursor)
    return SQLITE_OK
}

private func filter(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?,
    _ number: Int32,
    _ text: UnsafePointer<CChar>?,
    _ count: Int32,
    _ values: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    guard let box = box(cursor), let text else { return SQLITE_MISUSE }
    let numbers = String(cString: text).split(separator: " ").compactMap { Int($0) }
    var conditions: [SQLiteCondition] = []
    for place in 0..<Int(count) where place * 2 + 1 < numbers.count {
        guard let comparison = SQLiteComparison(rawValue: UInt8(numbers[place * 2 + 1])) else {
            return SQLITE_MISUSE
        }
        conditions.append(
            SQLiteCondition(
                column: numbers[place * 2],
                comparison: comparison,
                value: value(values?[place])
            )
        )
    }
    do throws(SQLiteError) {
        try box.cursor.start(conditions, isDescending: number == 1)
        return SQLITE_OK
    } catch {
        return report(error, on: cursor?.pointee.pVtab)
    }
}

private func next(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    do throws(SQLiteError) {
        try box(cursor)?.cursor.advance()
        return SQLITE_OK
    } catch {
        return report(error, on: cursor?.pointee.pVtab)
    }
}

private func column(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?,
    _ context: OpaquePointer?,
    _ index: Int32
) -> Int32 {
    guard let box = box(cursor), let context else { return SQLITE_MISUSE }
    do throws(SQLiteError) {
        try box.cursor.value(ofColumn: Int(index), to: SQLiteResult(context))
        return SQLITE_OK
    } catch {
        return report(error, on: cursor?.pointee.pVtab)
    }
}
