import EventModel
import EventStorage

extension LogIndex {
    /// The last sequence of a stream; nothing where it does not exist.
    func lastSequence(of stream: RawSpan) throws(IndexDamage) -> Sequence? {
        var last: Sequence?
        try forEachRun(of: stream) { run, _ in
            last = Sequence(run.endSequence &- 1)
            return .stop
        }
        return last
    }

    /// What a list says about one stream; nothing where it does not exist.
    func summary(of stream: RawSpan) throws(IndexDamage) -> StreamSummary? {
        var newest: StreamRun?
        var firstTime: Timestamp?
        try forEachRun(of: stream) { run, _ in
            newest = newest ?? run
            firstTime = run.firstTime
            return run.firstSequence == 0 ? .stop : .more
        }
        guard let newest, let firstTime else { return nil }
        return StreamSummary(
            stream: StreamName(stream.text),
            eventCount: newest.endSequence,
            lastPosition: Position(newest.lastPosition),
            firstTime: firstTime,
            lastTime: newest.lastTime
        )
    }

    /// Where the events of a stream begin, from one sequence through another.
    ///
    /// Looks into the files only until it has the first. Where the stream ends before, so do the
    /// addresses; where it does not exist, there are none.
    ///
    /// - Throws: the damage of a file whose events do not go on in the next.
    func addresses(
        of stream: RawSpan,
        from first: UInt64 = 0,
        through last: UInt64 = .max
    ) throws(IndexDamage) -> StreamAddresses {
        var pieces: [StreamAddresses.Piece] = []
        try forEachRun(of: stream) { (run, file) throws(IndexDamage) in
            guard run.firstSequence < run.endSequence else { return .stop }
            if let later = pieces.last, let file, later.run.firstSequence != run.endSequence {
                throw file.damage
            }
            pieces.append(StreamAddresses.Piece(run: run, file: file))
            return run.firstSequence <= first ? .stop : .more
        }
        pieces.reverse()
        let start = max(first, pieces.first?.run.firstSequence ?? 0)
        let end = min(last, .max - 1) + 1
        let known = pieces.last?.run.endSequence ?? 0
        return StreamAddresses(
            start..<max(start, min(end, known)),
            pieces: pieces,
            recent: recent.addresses(of: stream, hash: recent.origin.hashes.stream(stream))
        )
    }

    /// Shows what each part knows of a stream, newest part first; nothing for the file stands for
    /// what is in memory.
    private func forEachRun(
        of stream: RawSpan,
        _ body: (StreamRun, IndexFile?) throws(IndexDamage) -> ReadControl
    ) throws(IndexDamage) {
        let hash = recent.origin.hashes.stream(stream)
        if let run = recent.run(of: stream, hash: hash), try body(run, nil) == .stop { return }
        // Borrowed from the span, a file costs no counting of references.
        let files = files.span
        for number in files.indices.reversed() {
            guard let run = try files[number].run(of: stream, hash: hash) else { continue }
            if try body(run, files[number]) == .stop { return }
        }
    }

    /// One page of the streams.
    ///
    /// In the order of names it touches only what it shows or passes over; other orders touch every
    /// stream that matches. Takes time in proportion to the recent events besides.
    func summaries(_ request: StreamsRequest) throws(IndexDamage) -> [StreamSummary] {
        var page = StreamPage(request)
        let files = try filesWithRecent()
        let start = page.firstName
        var walk = try StreamWalk(files, from: start.span.bytes)
        while !page.isComplete, try walk.advance() {
            guard let match = try walk.withName({ page.match($0) }) else { break }
            switch match {
            case .later: return page.summaries
            case .none: continue
            case .match: if let run = try walk.run() { try page.add(run, of: walk) }
            }
        }
        return page.summaries
    }

    /// The files, and the recent events as one more.
    private func filesWithRecent() throws(IndexDamage) -> [IndexFile] {
        guard recent.eventCount > 0 else { return files }
        let output = IndexBytes()
        do {
            try recent.encode(to: output, endAddress: recent.lastAddress, recordChecksum: 0)
        } catch {
            preconditionFailure("Memory takes all bytes.")
        }
        let file = try IndexFile(
            output,
            firstPosition: recent.firstPosition,
            origin: recent.origin
        )
        return files + [file]
    }
}
