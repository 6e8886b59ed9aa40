"""Writes the small tables that the lines of the language's design are run on. Standard library only."""

import csv
import datetime
import random

generator = random.Random(11)
boroughs = ["Bronx", "Brooklyn", "Manhattan", "Queens", "Staten Island"]
header = [
    "id", "driver", "pickup", "dropoff", "borough", "payment", "pu_zone", "fare", "tip",
    "trip distance", "distance", "tmp_a", "updated", "note", "tipped",
]


def trip(number):
    start = datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=generator.randint(0, 144000))
    distance = round(generator.lognormvariate(0.8, 0.7), 2)
    end = start + datetime.timedelta(seconds=int(distance * 200 + 60 * generator.random()))
    fare = round(max(0.5, 2.5 + 2.2 * distance + generator.gauss(0, 2)), 2)
    payment = generator.choice(["card", "card", "cash", "cash", ""])
    kind = generator.random()
    paid = "" if kind < 0.008 else -5 if kind < 0.02 else fare
    tip = round(max(0, generator.gauss(0.18, 0.07)) * fare, 2) if payment == "card" else 0
    note = generator.choice(["", "", "", f"late #{number}", f"Delay at gate #{number}", "ok"])
    borough = generator.choices(boroughs, [10, 25, 40, 20, 5])[0]
    tipped = generator.random() < (0.97 if payment == "card" else 0.03)
    return [
        number, generator.randint(1, 20), start.isoformat(sep=" "), end.isoformat(sep=" "),
        borough, payment, generator.randint(1, 30), paid, tip, distance, distance,
        generator.randint(0, 9), (start + datetime.timedelta(days=1)).date(), note,
        str(tipped).lower(),
    ]


rows = [trip(number) for number in range(1, 1201)]
for row in generator.sample(rows, 10):
    later = list(row)
    later[12] = row[12] + datetime.timedelta(days=2)
    rows.append(later)
for part, piece in enumerate([rows[:600], rows[600:]]):
    with open(f"trips-{part + 1}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(piece)
with open("zones.csv", "w") as file:
    file.write("zone_id,zone\n")
    file.writelines(f"{zone},Zone {zone}\n" for zone in range(1, 29))
