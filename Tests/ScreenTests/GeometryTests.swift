import Testing

@testable import Screen

@Suite struct GeometryTests {
    @Test(arguments: [
        (10, [Share.fixed(3), .remaining], [3, 7]),
        (10, [.remaining, .remaining, .remaining], [4, 3, 3]),
        (10, [.proportion(0.5), .remaining, .fixed(2)], [5, 3, 2]),
        (4, [.fixed(3), .fixed(3), .remaining], [3, 1, 0]),
        (0, [.fixed(3), .remaining], [0, 0]),
        (9, [.proportion(.nan), .proportion(7)], [0, 9]),
    ])
    func `shares divide a length`(length: Int, shares: [Share], lengths: [Int]) {
        #expect(Share.divide(length, among: shares) == lengths)
    }

    @Test func `rows and columns tile a rectangle`() {
        let area = Rectangle(x: 2, y: 1, width: 20, height: 10)
        let rows = area.rows(.fixed(2), .remaining, .fixed(1))
        #expect(rows.map(\.y) == [1, 3, 10])
        #expect(rows.map(\.height) == [2, 7, 1])
        let columns = area.columns(.remaining, .remaining, gap: 1)
        #expect(
            columns == [
                Rectangle(x: 2, y: 1, width: 10, height: 10),
                Rectangle(x: 13, y: 1, width: 9, height: 10),
            ]
        )
    }

    @Test func `insets never turn a rectangle inside out`() {
        let small = Rectangle(x: 0, y: 0, width: 3, height: 1)
        #expect(small.inset(horizontal: 5, vertical: 5).isEmpty)
        #expect(small.inset(left: 1) == Rectangle(x: 1, y: 0, width: 2, height: 1))
        #expect(
            small.centered(Size(width: 1, height: 9)) == Rectangle(x: 1, y: 0, width: 1, height: 1)
        )
    }

    @Test func `columns grow by weight up to their maximum`() {
        let layout = Columns(
            [.flexible(minimum: 5), .fixed(6, .right), .flexible(minimum: 4, maximum: 6)],
            width: 30
        )
        #expect(layout.places.map(\.width) == [16, 6, 6])
        #expect(layout.places.map(\.x) == [0, 17, 24])
        #expect(layout.places[1].alignment == .right)
    }

    @Test func `columns give way in their order, then are cut`() {
        let columns: [Column] = [
            .flexible(minimum: 10), .fixed(8, dropOrder: 1), .fixed(8, dropOrder: 2), .fixed(5),
        ]
        #expect(Columns(columns, width: 34).places.map(\.index) == [0, 1, 2, 3])
        #expect(Columns(columns, width: 33).places.map(\.index) == [0, 1, 3])
        #expect(Columns(columns, width: 20).places.map(\.index) == [0, 3])
        #expect(Columns(columns, width: 13).places.map(\.width) == [10, 2])
        #expect(Columns(columns, width: 0).places.isEmpty)
        #expect(Columns(columns, width: 20).place(of: 1) == nil)
    }

    @Test(arguments: [
        ("80x24", Size(width: 80, height: 24)), ("0x1", nil), ("80", nil), ("1001x1", nil),
    ])
    func `sizes are read`(text: String, size: Size?) {
        #expect(Size(text) == size)
    }
}
