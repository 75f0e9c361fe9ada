import Foundation
import Postgres

/// A place on the earth, in degrees (WGS 84).
struct Location: Sendable, Equatable {
    let lat: Decimal
    let lon: Decimal

    /// So many decimals are kept: a tenth of a metre.
    static let decimals = 6
    fileprivate static let latitudes: ClosedRange<Decimal> = -90...90
    fileprivate static let longitudes: ClosedRange<Decimal> = -180...180

    init(lat: Decimal, lon: Decimal) {
        self.lat = lat
        self.lon = lon
    }

    func write(to json: inout JSONWriter) {
        json.member("lat", lat)
        json.member("lon", lon)
    }

    /// A fault for each coordinate with more decimals than are kept.
    var faults: [Fault] {
        [("lat", lat), ("lon", lon)].compactMap { name, degrees in
            guard degrees.rounded(Self.decimals) != degrees else { return nil }
            return Fault(
                "/location/\(name)", "tooManyDecimals", "Must have at most \(Self.decimals) decimals.")
        }
    }
}

extension Location {
    init?(_ input: inout ObjectInput) {
        let lat = input.decimal("lat", in: Self.latitudes, required: true)
        let lon = input.decimal("lon", in: Self.longitudes, required: true)
        guard let lat, let lon else { return nil }
        self.init(lat: lat, lon: lon)
    }

    /// As a query has it, `58.5371,15.0365`.
    init?(query text: String) {
        guard
            let match = text.wholeMatch(
                of: /(-?[0-9]{1,2}(?:\.[0-9]{1,6})?),(-?1?[0-9]{1,2}(?:\.[0-9]{1,6})?)/),
            let lat = Decimal(column: String(match.1)), Self.latitudes.contains(lat),
            let lon = Decimal(column: String(match.2)), Self.longitudes.contains(lon)
        else { return nil }
        self.init(lat: lat, lon: lon)
    }
}

/// What lies within a distance of a place, and the latitudes and longitudes between which all of it is.
struct Surroundings: Sendable {
    let centre: Location
    let radiusKm: Decimal
    let latitudes: ClosedRange<Decimal>
    /// One range, or one on each side of the date line.
    let longitudes: [ClosedRange<Decimal>]

    /// As in `distance_km` (migration 0015).
    private static let earthRadiusKm = 6371.0088
    /// Distances are compared as they are shown, in metres.
    private static let roundingKm = 0.001

    init(of centre: Location, radiusKm: Decimal) {
        self.centre = centre
        self.radiusKm = radiusKm
        let angle = (Self.double(radiusKm) + Self.roundingKm) / Self.earthRadiusKm
        let reach = Self.degrees(angle)
        latitudes = max(-90, centre.lat - reach)...min(90, centre.lat + reach)
        // Around a pole there are all longitudes.
        guard -90 < latitudes.lowerBound, latitudes.upperBound < 90 else {
            longitudes = [Location.longitudes]
            return
        }
        // Where a meridian touches the circle.
        let width = Self.degrees(asin(min(1, sin(angle) / cos(Self.double(centre.lat) * .pi / 180))))
        let (west, east) = (centre.lon - width, centre.lon + width)
        if west <= -180 {
            longitudes = [-180...east, west + 360...180]
        } else if east >= 180 {
            longitudes = [west...180, -180...east - 360]
        } else {
            longitudes = [west...east]
        }
    }

    /// An angle in degrees, rounded up.
    private static func degrees(_ angle: Double) -> Decimal {
        let millionths = (angle * 180 / .pi * 1_000_000).rounded(.up) + 1
        return Decimal(Int(millionths)) / 1_000_000
    }

    private static func double(_ decimal: Decimal) -> Double { NSDecimalNumber(decimal: decimal).doubleValue }
}
