def test_the_sources_are_named(client):
    page = client.get("/a-propos/").content.decode()
    for source in ("ANCT", "Insee", "Etalab", "IGN", "Cerema", "CNIG", "Licence Ouverte 2.0"):
        assert source in page


def test_the_accessibility_statement(client):
    answer = client.get("/accessibilite/")
    assert "aucun audit extérieur n’a encore eu lieu" in answer.content.decode()
