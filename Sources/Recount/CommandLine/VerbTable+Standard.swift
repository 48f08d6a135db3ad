extension VerbTable {
    /// What this version is called.
    public static let version = "0.1.0"

    /// The verbs that every program has.
    public static let standardVerbs: [Verb] = [
        .initialize, .importEvents, .exportEvents, .append, .streams, .history, .state,
        .difference, .blame, .events, .processors, .run, .pause, .resume, .replay, .undo,
        .split, .merge,
        .step, .compare, .deadLetters, .effects, .why, .snapshots, .commands, .schema, .model,
        .table, .query,
        .operations,
        .doctor, .console, .frame, .help, .version,
    ]
}
