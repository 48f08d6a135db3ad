import ConsoleModel
import EventModel

/// How moments are written in the style an operator chose.
struct TimeWording {
    let style: TimeStyle
    let now: Timestamp
    let offsetMinutes: Int

    init(_ state: ConsoleState) {
        style = state.timeStyle
        now = state.now
        offsetMinutes = state.context.localOffsetMinutes
    }

    /// Writes moments in UTC.
    init(now: Timestamp) {
        style = .utc
        self.now = now
        offsetMinutes = 0
    }

    /// A moment in a list, 14 cells: `11-20 09:14:07`, or an age.
    func short(_ time: Timestamp) -> String {
        guard style != .relative else { return age(time) }
        let parts = calendar(time)
        let isThisYear = parts.year == calendar(now).year
        let date = isThisYear ? "" : "\(parts.year)-"
        let clock = isThisYear ? " \(clock(parts))" : ""
        return date + "\(two(parts.month))-\(two(parts.day))" + clock
    }

    /// A moment of today in a list, 12 cells with milliseconds; else as ``short(_:)``.
    func precise(_ time: Timestamp) -> String {
        guard style != .relative else { return age(time) }
        let (parts, today) = (calendar(time), calendar(now))
        guard (parts.year, parts.month, parts.day) == (today.year, today.month, today.day)
        else { return short(time) }
        let milliseconds = String(parts.microsecond / 1000 + 1000).dropFirst()
        return "\(clock(parts)).\(milliseconds)"
    }

    /// A moment in full, in every style: `2026-11-20 09:14:07 UTC`.
    func full(_ time: Timestamp) -> String {
        let parts = calendar(time)
        let date = "\(parts.year)-\(two(parts.month))-\(two(parts.day)) \(clock(parts))"
        return "\(date) \(zone)"
    }

    /// How long ago: `2h11m ago`.
    func age(_ time: Timestamp) -> String {
        let seconds = now.seconds(since: time)
        if seconds < -1 { return "in \(Wording.duration(-seconds))" }
        return "\(Wording.duration(seconds)) ago"
    }

    /// The title of a column of moments, with the zone they are told in.
    func title(_ word: String) -> String {
        style == .relative ? word : "\(word) \(zone)"
    }

    /// The name of the zone: `UTC` or `+02:00`.
    private var zone: String {
        guard style == .local else { return "UTC" }
        let minutes = abs(offsetMinutes)
        return "\(offsetMinutes < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private func calendar(_ time: Timestamp) -> CalendarTime {
        guard style == .local else { return CalendarTime(time) }
        let offset = Int64(offsetMinutes) * 60_000_000
        return CalendarTime(Timestamp(microseconds: time.microseconds &+ offset))
    }

    private func clock(_ time: CalendarTime) -> String {
        "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
    }

    private func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
