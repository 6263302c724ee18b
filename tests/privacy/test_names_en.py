import pytest

from nps_nlp.privacy.names_en import is_whole_name, names


def found(text):
    return {text[a:b] for a, b in names(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Sarah at the front desk", {"Sarah"}), ("Ask for Bronagh", {"Bronagh"}),
     ("my advisor Priya Raman went", {"Priya Raman"}),
     ("Mr. Henderson was", {"Henderson"}), ("Mrs O'Connor in admissions", {"O'Connor"}), ("Mr.Tanaka", {"Tanaka"}),
     ("our waiter, Tomasz, was", {"Tomasz"}), ("Thanks to Emily and Josh", {"Emily", "Josh"}),
     ("a guy named Kwabo hung up", {"Kwabo"}),
     ("and Folasade explained everything", {"Folasade"}), ("Best regards, Chidinma Obi", {"Chidinma Obi"}),
     ("The manager, Bill, refused", {"Bill"}),
     ("helped by Grace and", {"Grace"}), ("Jean-Luc helped us", {"Jean-Luc"}), ("Tanaka-san was", {"Tanaka"}),
     ("Nurse Abernathy stayed", {"Abernathy"}), ("Please thank Kimiko for me", {"Kimiko"}),
     ("with Mr McAllister", {"McAllister"})],
)  # fmt: skip
def test_names_in_context(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Paris was lovely", "Will you ever fix it?", "May is the best month", "Ask for a quiet room",
     "I spoke to Support twice", "My advisor never replies",
     "Dr Pepper on the menu", "Ms Word integration", "John Lewis has better prices", "Google helped me",
     "The Victoria line", "Agent Portal is down",
     "The Lynn Jarrett Ward was clean", "at Byron House with my mum", "and the Consultation made me calm", "Lynda.com",
     "they love Ruby, PHP", "Ward was lovely", "I'm Disappointed.",
     "Spoke with Claims and they helped", "every nurse was FrIendly and",
     "Thanks to everyone", "Harry Potter tour", "British Airways", "Monday was incredibly busy"],
)  # fmt: skip
def test_capitals_that_are_nobody(text):
    assert found(text) == set()


def test_a_name_that_fills_a_cell():
    assert is_whole_name("Hans Müller", alone=False)
    assert not is_whole_name("Premium Plan", alone=False)
    assert is_whole_name("Bronagh", alone=True)
    assert not is_whole_name("Support", alone=True)
