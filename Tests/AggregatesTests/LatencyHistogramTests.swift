import Aggregates
import Testing

@Suite struct LatencyHistogramTests {
    @Test func `a share is told at most an eighth too long and never too short`() {
        for exponent in 0..<40 {
            for offset in [0, 1, 3] as [Int64] {
                let time = (Int64(1) << exponent) + offset
                var latencies = LatencyHistogram()
                latencies.add(microseconds: time)
                latencies.add(microseconds: time * 4)
                let told = latencies.microseconds(atShare: 0.5)
                #expect(told >= time && told <= time + time / 8)
                #expect(latencies.microseconds(atShare: 1) == time * 4)
            }
        }
    }

    @Test func `percentiles of many times`() {
        var latencies = LatencyHistogram()
        #expect(latencies.microseconds(atShare: 0.99) == 0)
        for time in Int64(1)...1000 { latencies.add(microseconds: time) }
        #expect(latencies.count == 1000)
        #expect(latencies.maximumMicroseconds == 1000)
        #expect((500...563).contains(latencies.microseconds(atShare: 0.5)))
        #expect((990...1000).contains(latencies.microseconds(atShare: 0.99)))
    }

    @Test func `a clock that was set back does no harm`() {
        var latencies = LatencyHistogram()
        latencies.add(microseconds: -5)
        #expect(latencies.count == 1 && latencies.maximumMicroseconds == 0)
    }
}
