import pytest

from nps_nlp.privacy.addresses_en import addresses


def found(text):
    return [text[a:b] for a, b in addresses(text)]


@pytest.mark.parametrize(
    "address",
    ["42 Larkfield Road, Bristol BS1 4ZZ", "P.O. Box 4471", "1-2-3 Nishi-Honmachi, Kita-ku, Osaka 530-9999",
     "SW1A 9ZZ", "221 Harbour View Terrace, Apt 4B, Portland, OR 97201", "123 main street, apt 2",
     "8 The Orchards, Newton-le-Willows, Merseyside WA12 9ZZ", "3rd Floor, 12 Great Queen Street, London W1F 9ZZ",
     "990 County Road 7, Elk Mound, WI 54739", "PO Box 12, Dubbo NSW 2830", "12 Rue Sainte-Anne, Québec, QC G1R 9Z9",
     "Lindenstraße 9, 80999 München", "Gran Via 99, 28099 Madrid"],
)  # fmt: skip
def test_addresses_down_to_the_house(address):
    assert address in found(address)
    assert address in found(f"住所は{address}です")


@pytest.mark.parametrize(
    "text",
    ["5 Star Place", "10 Street lamps", "Fifth Avenue and Oxford Street", "12 miles down Route 66", "3 Dell XPS 9310",
     "my MacBook M1 8GB", "500 Main exhibits, two hours"],
)  # fmt: skip
def test_names_of_places_and_counts_are_public(text):
    assert found(text) == []
