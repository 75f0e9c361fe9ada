import Foundation
import Testing

@testable import DigidelAPI

@Suite struct SurroundingsTests {
    private static func place(_ lat: String, _ lon: String) throws -> Location {
        try #require(Location(query: "\(lat),\(lon)"))
    }

    @Test func aPlaceIsBetweenLatitudesAndLongitudes() throws {
        let motala = Surroundings(of: try Self.place("58.5371", "15.0365"), radiusKm: 25)
        #expect(motala.latitudes.contains(Decimal(58.76)))
        #expect(!motala.latitudes.contains(Decimal(58.77)))
        #expect(motala.longitudes.count == 1)
        #expect(motala.longitudes[0].contains(Decimal(15.46)))
        #expect(!motala.longitudes[0].contains(Decimal(15.48)))
    }

    @Test(arguments: [
        ("0", "179.9", 2), ("0", "-180", 2), ("0", "180", 2), ("-20", "-179.99", 2), ("0", "179", 1),
        ("89.9", "10", 1), ("-90", "0", 1), ("90", "180", 1), ("89.5", "175", 2),
    ])
    func theBoxGoesOnBeyondTheDateLineAndThePoles(lat: String, lon: String, ranges: Int) throws {
        let surroundings = Surroundings(of: try Self.place(lat, lon), radiusKm: 25)
        #expect(surroundings.longitudes.count == ranges)
        #expect(surroundings.longitudes.allSatisfy { $0.lowerBound >= -180 && $0.upperBound <= 180 })
        #expect(surroundings.latitudes.lowerBound >= -90 && surroundings.latitudes.upperBound <= 90)
    }

    private static let latitudes: [Double] = [-90, -89.99, -85, 85, 89.99, 90]
    private static let longitudes: [Double] = [-180, -179.9, 0, 179.9, 180]
    private static let radii: [Double] = [0.001, 1, 25, 300, 1000]

    /// Points on the circle, and a little inside of it, all around places everywhere.
    @Test func allThatIsWithinTheRadiusIsInTheBox() throws {
        var dice = Dice(state: 5)
        for _ in 0..<3000 {
            let isExtreme = Int.random(in: 0..<3, using: &dice) == 0
            let lat = isExtreme ? Self.latitudes.any(&dice) : Double.random(in: -90...90, using: &dice)
            let lon = isExtreme ? Self.longitudes.any(&dice) : Double.random(in: -180...180, using: &dice)
            let radius = Self.radii.any(&dice)
            let centre = Location(lat: Decimal(lat).rounded(6), lon: Decimal(lon).rounded(6))
            let surroundings = Surroundings(of: centre, radiusKm: Decimal(radius))
            let distance = radius * [1, 0.999, 0.5].any(&dice)
            let (pointLat, pointLon) = Self.point(
                from: lat, lon, distance: distance, bearing: Double.random(in: 0..<360, using: &dice))
            let (latitude, longitude) = (Decimal(pointLat).rounded(6), Decimal(pointLon).rounded(6))
            let isInside =
                surroundings.latitudes.contains(latitude)
                && surroundings.longitudes.contains { $0.contains(longitude) }
            #expect(isInside, "\(centre) \(radius): \(latitude), \(longitude)")
        }
    }

    /// Where one comes by a great circle.
    private static func point(
        from lat: Double, _ lon: Double, distance: Double, bearing: Double
    ) -> (Double, Double) {
        let (angle, bearing, lat) = (distance / 6371.0088, bearing * .pi / 180, lat * .pi / 180)
        let other = asin(min(1, max(-1, sin(lat) * cos(angle) + cos(lat) * sin(angle) * cos(bearing))))
        let turn = atan2(sin(bearing) * sin(angle) * cos(lat), cos(angle) - sin(lat) * sin(other))
        let otherLon = (lon + turn * 180 / .pi + 540).truncatingRemainder(dividingBy: 360) - 180
        return (other * 180 / .pi, otherLon)
    }

    @Test(arguments: [
        "58.5371", "58.5371,", ",15", "58.5371,15.0365,1", "91,0", "-90.1,0", "0,180.1", "0,181", "+1,2",
        "1e1,2", "58.5371234,15", "58 ,15", "58.,15", ".5,1", "0,0015", "nan,0", "",
    ])
    func whatIsNoPlaceIsRefused(text: String) {
        #expect(Location(query: text) == nil)
    }

    @Test(arguments: ["58.5371,15.0365", "-90,180", "90.000000,-180.0", "0,0", "-0,-0.000001", "5,5"])
    func aPlaceIsRead(text: String) {
        #expect(Location(query: text) != nil)
    }
}

extension [Double] {
    fileprivate func any(_ dice: inout Dice) -> Double { self[Int.random(in: indices, using: &dice)] }
}
