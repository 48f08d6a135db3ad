import EventModel

extension GroupProgress {
    /// Counts the events up to and with a position as those that no handler is for, without a look
    /// at them.
    ///
    /// Positions are gapless, so that their number is known. In a partial replay they are in the
    /// accounting already.
    mutating func passOver(through position: Position) {
        guard position > token.position else { return }
        let count = position.number - token.position.number
        token.advance(to: position)
        if token.replay?.isPartial != true { accounting.filtered += count }
    }
}
