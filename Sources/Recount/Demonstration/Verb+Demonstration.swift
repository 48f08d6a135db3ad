extension Verb {
    /// The verb `demo`: a store with made-up events, opened in the console.
    ///
    /// - Parameters:
    ///   - model: the `recount.yaml` of the store.
    ///   - makeLoad: makes events, of which so many are a history.
    /// - Returns: the verb, for ``Application/verb(_:)``.
    public static func demo(
        model: String,
        makeLoad: @escaping @Sendable (_ eventCount: Int) -> any DemonstrationLoad
    ) -> Verb {
        Verb(
            "demo",
            "Make a store with a made-up billing load and open the console on it",
            discussion: "Four groups run: one has a deliberate bug, named in the store's "
                + "recount.yaml, and one is slow. Leaving removes the store, unless --store names "
                + "a place for it.",
            options: [
                VerbOption("events", "N", "How many events the history has; 100000 unless told."),
                VerbOption("rate", "N", "How many events a second come then; 20 unless told."),
                VerbOption("store", "DIR", "Where the store is made, and stays."),
                VerbOption("headless", nil, "Run without the console until interrupted."),
            ] + ConsoleOptions.options,
            examples: [
                Example("demo", "Look around."),
                Example("demo --store /tmp/billing.store --rate 200", "Keep the store."),
            ],
            run: { context in try Demonstration(model: model, context).run(makeLoad) }
        )
    }
}
