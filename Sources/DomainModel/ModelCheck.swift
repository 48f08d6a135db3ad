import EventModel
import SQLiteDatabase

/// Compiles all SQL of a model as it will run, and tells what is wrong with it.
enum ModelCheck {
    static func check(_ reader: inout ModelReader) {
        do {
            let database = try ExpressionDatabase()
            for aggregate in reader.aggregates {
                for rule in aggregate.rules {
                    check(rule.expression, BoundName.forAggregates, in: database, &reader)
                }
            }
            for expression in reader.upcasters.compactMap(\.expression) {
                check(expression, BoundName.forUpcasters, in: database, &reader)
            }
            for projection in reader.projections { try check(projection, &reader) }
        } catch {
            let reason = "the SQL cannot be checked: \(error)"
            reader.add(ModelProblem(line: 1, column: 1, reason: reason))
        }
    }

    private static func check(
        _ expression: ModelText,
        _ names: [BoundName],
        in database: ExpressionDatabase,
        _ reader: inout ModelReader
    ) {
        do throws(SQLiteError) {
            let statement = try database.prepare(expression)
            if statement.columnCount != 1 {
                reader.add(expression.problem("one expression is expected"))
            }
            check(statement, expression, names, &reader)
            checkClock(expression, &reader)
        } catch {
            let prefixSize = ExpressionDatabase.prefix.utf8.count
            reader.add(expression.problem(error, after: prefixSize))
        }
    }

    /// Whether SQL gives the same at any time, which rows and states made anew depend on.
    private static func checkClock(_ text: ModelText, _ reader: inout ModelReader) {
        guard let use = ClockUse.first(in: text.sql) else { return }
        let place = text.place(ofByte: use.byteOffset)
        let reason =
            "\(use.word) is the clock or the time zone of the machine, so that another run gives "
            + "something else; the times of the event are :time and :recordedTime"
        reader.add(ModelProblem(line: place.line, column: place.column, reason: reason))
    }

    /// Whether all parameters of a statement stand for something.
    private static func check<Name: ParameterName>(
        _ statement: SQLiteStatement,
        _ text: ModelText,
        _ names: [Name],
        _ reader: inout ModelReader
    ) {
        do throws(UnboundName) {
            _ = try Name.parameters(of: statement, allowing: names)
        } catch {
            let bytes = Array(text.sql.utf8)
            let name = Array(error.name.utf8)
            let offset = bytes.indices.first { bytes[$0...].starts(with: name) } ?? 0
            let place = text.place(ofByte: offset)
            reader.add(
                ModelProblem(
                    line: place.line,
                    column: place.column,
                    reason: error.description
                )
            )
        }
    }

    /// Makes the tables in memory and compiles the statements against them.
    private static func check(
        _ projection: ProjectionRules,
        _ reader: inout ModelReader
    ) throws(SQLiteError) {
        let database = try SQLiteConnection(path: "", mode: .inMemory)
        try database.restrict(to: restrictions(allowsSchemaChanges: true))
        for table in projection.tables {
            let words = table.sql.split { $0.isWhitespace }
            guard words.first?.uppercased() == "CREATE" else {
                reader.add(table.problem("tables, indexes and views are made with CREATE"))
                continue
            }
            do throws(SQLiteError) {
                try database.prepare(table.sql).run()
                checkClock(table, &reader)
            } catch {
                reader.add(table.problem(error))
            }
        }
        try database.restrict(to: restrictions(allowsSchemaChanges: false))
        for text in (projection.handlers + projection.replay.handlers).flatMap(\.statements) {
            check(change: text, BoundName.forProjections, in: database, &reader)
        }
        for text in projection.replay.begin + projection.replay.end {
            check(change: text, ReplayName.allCases, in: database, &reader)
        }
    }

    /// Whether a statement changes rows, and gives the same at any time.
    private static func check(
        change text: ModelText,
        _ names: [some ParameterName],
        in database: SQLiteConnection,
        _ reader: inout ModelReader
    ) {
        do throws(SQLiteError) {
            let statement = try database.prepare(text.sql)
            if statement.isReadOnly {
                reader.add(text.problem("the statement changes nothing"))
            }
            check(statement, text, names, &reader)
            checkClock(text, &reader)
        } catch {
            reader.add(text.problem(error))
        }
    }

    /// What the SQL of a projection may do: making its tables, or changing rows in them.
    static func restrictions(allowsSchemaChanges: Bool) -> SQLiteRestrictions {
        SQLiteRestrictions(
            allowsWriting: !allowsSchemaChanges,
            allowsSchemaChanges: allowsSchemaChanges,
            protectedTablePrefix: "recount_",
            allowedFunctions: SQLiteRestrictions.deterministicFunctions,
            lengthMax: ExpressionDatabase.restrictions.lengthMax
        )
    }
}
