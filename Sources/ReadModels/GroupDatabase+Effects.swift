import EventModel
import Processing
import SQLiteDatabase

/// The effects of a group that wait, in its database.
extension GroupDatabase {
    func note(_ wish: PendingEffect.Wish, for effect: EventID) throws -> Bool {
        try database.runTrusted(
            EffectSQL.wish,
            [.text(effect.description), .text(wish.rawValue)]
        )
        return database.changedRowCount > 0
    }

    /// Takes over the effects that wait from another database of the group.
    ///
    /// Those performed meanwhile may be among them: the log tells whoever comes to them.
    func copyEffects(from other: SQLiteConnection) throws {
        guard try GroupSQL.hasTable("recount_effects", in: other) else { return }
        let rows = try other.prepare(EffectSQL.all, isTrusted: true)
        for effect in try EffectSQL.effects(in: rows, of: files.group) { try add(effect) }
    }

    func add(_ effect: PendingEffect) throws {
        try database.runTrusted(EffectSQL.add, EffectSQL.values(effect))
    }
}
