import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

/// SplitMix64: the same seed gives the same keys.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

private func randomKey(using generator: inout Generator) -> Key {
    let named: [Key.Code] = [
        .enter, .escape, .tab, .backspace, .delete, .up, .down, .left, .right, .home, .end,
        .pageUp, .pageDown, .function(1), .function(5),
    ]
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<3:
        let code = named.randomElement(using: &generator) ?? .enter
        return Key(code, Bool.random(using: &generator) ? [] : .shift)
    case 3:
        let letter = "abdefhklnpuwz".randomElement(using: &generator) ?? "l"
        return .control(letter)
    case 4: return .character("é日👩‍👩‍👧0".randomElement(using: &generator) ?? "é")
    case 5: return .character("0123456@:/?aay".randomElement(using: &generator) ?? "1")
    default:
        let code = UInt8.random(in: 0x20..<0x7F, using: &generator)
        return .character(Character(Unicode.Scalar(code)))
    }
}

/// What must hold whatever was pressed.
private func checkConsistency(_ state: ConsoleState) {
    func check<Identity>(_ cursor: ListCursor<Identity>, _ identities: [Identity]) {
        if identities.isEmpty {
            #expect(cursor.selected == nil)
        } else {
            #expect(identities.indices.contains(cursor.index))
            #expect(cursor.selected == identities[min(cursor.index, identities.count - 1)])
            let first = cursor.firstRow(fitting: 7, of: identities.count)
            #expect((first...(first + 6)).contains(cursor.index))
        }
    }
    check(state.streams.cursor, state.streams.events.map(\.position))
    check(state.processors.cursor, state.processors.rows.map(\.group))
    check(state.aggregates.cursor, state.aggregates.window.map(\.stream))
    check(state.operations.cursor, state.operations.rows.map(\.id))
    check(state.snapshots.cursor, (state.snapshots.coverage ?? []).map(\.category))
    check(state.effectList.cursor, state.effectList.rows.map(\.id))
    let letters = state.deadLetters
    check(letters.cursor, letters.causes.map(\.identity))
    check(letters.sequenceCursor, (letters.selectedCause?.sequences ?? []).map(\.identity))
    #expect(state.step.changeTop <= max(0, state.step.changeLineCount))
    #expect(state.step.group != nil || state.step.work == nil && !state.step.hasCopy)
    #expect(state.path.first == .pulse)
    #expect(state.streams.events.count <= 2000)
    let positions = state.streams.events.map(\.position)
    #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
    if let last = state.history.lastSequence { #expect(state.history.sequence <= last) }
}

@Suite struct RandomKeyTests {
    @Test(arguments: 0..<8)
    func `any keys at any size leave a consistent console`(seed: Int) {
        var generator = Generator(state: UInt64(seed))
        var driver = ConsoleDriver()
        for count in 0..<2500 {
            switch Int.random(in: 0..<200, using: &generator) {
            case 0:
                let width = Int.random(in: 1...300, using: &generator)
                let height = Int.random(in: 1...100, using: &generator)
                driver.send(.resize(width: width, height: height))
            case 1: driver.wait(seconds: Double.random(in: 0...2, using: &generator))
            case 2: driver.send(.paste("pasted\u{1B}[31m\ntext"))
            case 3: driver.send(.focus(Bool.random(using: &generator)))
            case 4:
                let screen = ScreenName.allCases.randomElement(using: &generator) ?? .pulse
                driver.show(screen, argument: screen == .history ? "subscription-17850" : nil)
            default: driver.press(randomKey(using: &generator))
            }
            if driver.takeEffects().contains(.quit) { driver = ConsoleDriver(store: driver.store) }
            if count % 10 == 0 { checkConsistency(driver.state) }
        }
        checkConsistency(driver.state)
    }
}
