"""Sessions (phiên đối thoại): from a year's plan to the last commitment carried out.

Owns sessions, their agendas, attendances and answers on the spot, minutes, conclusions and
commitments, the duties to hold sessions, and the texts of minutes and of the products that
commitments promise. Hears from Intake which opinions are put forward, merged or withdrawn and
which topics are hot, from Assignment how far commitments have come. Publishes the events of
`shared.contracts.sessions`.
"""
